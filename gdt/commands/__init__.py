"""The command line of the office, group by group: a face of the application, as its pages are."""
