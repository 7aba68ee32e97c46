#!/bin/sh
NEXT_TELEMETRY_DISABLED=1 exec npx next start --hostname 127.0.0.1 --port 8719
