#!/usr/bin/env bash
# Writes constraints.txt anew: what a clean environment holds after an install of the extras dev and bench without any
# constraint, one `name==version` a line. The heads of the heavy extras (torch, ray, psycopg) keep the version they have.
set -euo pipefail
python=${1:-python3}
cd "$(dirname "$0")/.."
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT

echo "Installing everything into a clean environment (some minutes) ..."
"$python" -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check '.[dev,bench]'
{
  "$room/venv/bin/pip" freeze --exclude-editable --exclude orderpoint
  grep -E '^(torch|ray|psycopg|psycopg-binary|hatchling)==' constraints.txt
} | sort --ignore-case >"$room/constraints.txt"
mv "$room/constraints.txt" constraints.txt
git --no-pager diff --stat -- constraints.txt
