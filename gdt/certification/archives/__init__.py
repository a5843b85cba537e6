"""Files of many certificates: a ZIP of the papers as issued, or one PDF for the print shop."""
