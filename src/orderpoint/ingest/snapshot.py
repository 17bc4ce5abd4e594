"""The state of the shop today, from the tables that were read. (Being written by the lead: bucketing.py is the ingest core's.)"""
