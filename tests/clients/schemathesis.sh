# program: Schemathesis (PyPI schemathesis)
# asks: the examples of each operation of the description
# expects: all passed, 0 examples not found
schemathesis run "$SITE/api/v1/openapi.json" --phases examples > log || cat log >&2
missing=$(sed -n '/repeatedly returned 404/,/^💡/p' log | tee /dev/stderr | grep -c '  - GET' || true)
grep -qE '([0-9]+) generated, \1 passed' log && echo "all passed, $missing examples not found"
