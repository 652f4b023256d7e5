# program: Great Expectations (PyPI great-expectations)
# asks: the CSV: references are unique, 223 rows
# expects: True True
import os

import great_expectations as gx
import pandas

rows = pandas.read_csv(os.environ["SITE"] + "/projects/export.csv", dtype=str)
frames = gx.get_context().data_sources.add_pandas("register").add_dataframe_asset("rows")
batch = frames.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": rows})
unique = gx.expectations.ExpectColumnValuesToBeUnique(column="reference")
count = gx.expectations.ExpectTableRowCountToEqual(value=223)
print(batch.validate(unique).success, batch.validate(count).success)
