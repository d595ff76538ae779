"""PDFs: what leaves the house on paper or as a file for the record. docs/adr/0010-papers.md"""

from .printing import NotPrinted, Paper, print_paper

__all__ = ["NotPrinted", "Paper", "print_paper"]
