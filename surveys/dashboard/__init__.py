"""The dashboard: a week's figures in the application, filtered."""
