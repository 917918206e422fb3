"""Services that carry messages, contacts of people, sending, answering without the page, and the proof."""
