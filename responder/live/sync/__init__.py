"""Sessions and the database kept in step: admission, relay, receipts, reminders."""
