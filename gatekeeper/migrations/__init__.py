"""Migrations: their history, the engines that run them, the rows they run on, and the proof."""
