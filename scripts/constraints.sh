#!/usr/bin/env bash
# Writes constraints.txt anew: what a clean environment holds after an install of the extras dev and bench without any
# constraint, one `name==version` a line. The heavy extras (torch with what it alone needs, safetensors, ray, psycopg) keep the
# version they have.
#
# Run it with the oldest Python that is supported, Debian 12's own 3.11.2: some packages ask for a later patch release, and
# a version that only 3.11.5 accepts would lock a fresh Debian machine out.
set -euo pipefail
python=${1:-/usr/bin/python3}
cd "$(dirname "$0")/.."
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT

echo "Installing everything into a clean environment with $("$python" -V) (some minutes) ..."
"$python" -m venv "$room/venv"
"$room/venv/bin/pip" install --quiet --disable-pip-version-check --upgrade pip # older resolvers take ten times as long
"$room/venv/bin/pip" install --quiet --disable-pip-version-check '.[dev,bench]'
{
  "$room/venv/bin/pip" freeze --all --exclude pip --exclude orderpoint
  grep -E '^(torch|sympy|mpmath|safetensors|ray|psycopg|psycopg-binary|hatchling)==' constraints.txt
} | sort --ignore-case --unique >"$room/constraints.txt"
cp "$room/constraints.txt" constraints.txt
git --no-pager diff --stat -- constraints.txt
