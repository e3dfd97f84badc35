#!/bin/sh
# anjian serve: needs raw requests and a page that listens, so that node speaks for us.
exec node "$(dirname "$0")/serve.mjs"
