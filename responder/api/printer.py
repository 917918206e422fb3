"""What prints all PDFs of this process, one at a time."""

from typing import Final

from responder.exchange.printing.print_pdf import Printer

PRINTER: Final = Printer()
