"""Tables in and out of spreadsheets: read in a child with limits, handed back as the same workbook."""
