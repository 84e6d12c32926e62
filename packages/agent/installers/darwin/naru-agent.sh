#!/bin/sh
# Node stays as OpenJS signed it: macOS ends programs whose signature was broken by writing into them.
here=$(cd "$(dirname "$0")/../Resources" && pwd)
if [ $# -eq 0 ]; then set -- start; fi
exec "$here/node" "$here/agent.cjs" "$@"
