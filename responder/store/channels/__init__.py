"""Services that carry messages, contacts of people, and the queue of what is sent to them."""
