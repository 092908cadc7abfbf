"""Sales and adjustments from elsewhere: Parquet, CSV, a database or Spark, asked where they are through Ibis.

Only sums by account and day, the sales that adjustments name and the rows that are wrong come back. Ibis is
an extra, and imported only where policy ``sales_source`` or ``adjustments_source`` names something.
"""
