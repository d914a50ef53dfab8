"""`cleaner` inside other tools: one module for each, named after it, imported only by who uses it.

    pandas, polars    a column of a data frame
    datasets          `map(batched=True)` of Hugging Face datasets
    sklearn           a transformer
    scrapy            an item pipeline
    datatrove         a pipeline step
    ray               a class for `map_batches`

All of them are thin: what happens to a value is said once, in `cleaner.integrations.cleaning`. Importing this package
imports none of the tools.
"""
