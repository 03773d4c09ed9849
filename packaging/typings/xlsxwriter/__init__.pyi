# The part of xlsxwriter that is used: a book written into memory, its sheets and its formats.
