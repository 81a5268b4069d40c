"""What follows documents to Xero, behind them: their files, and notes in their history.

A file or note that fails never changes its document, and goes again by itself alone (R109).
"""
