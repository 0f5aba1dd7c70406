"""What people see: one script a page, and the elements that pages share."""
