-- By which channel a person answered; NULL is the page.
ALTER TABLE receipt ADD COLUMN channel TEXT;
