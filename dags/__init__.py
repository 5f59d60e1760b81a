"""Airflow's view of the chain: thin files that call the same functions as the command line."""
