# program: Datasette (PyPI datasette)
# asks: the CSV as its table, by its JSON
# expects: [{"n": 5}]
curl -s "$SITE/projects/export.csv" | sqlite-utils insert register.db projects - --csv >&2
query="SELECT count(*) AS n FROM projects WHERE scope_basis <> 'not-stated'"
datasette register.db --get "/register.json?_shape=array&sql=$(echo "$query" | sed 's/ /+/g')"
