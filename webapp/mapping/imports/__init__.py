"""What a record of Xero changes in Workbench. Decides only: nothing here looks anything up."""
