#!/bin/bash
# Double-click this file to start Placard on a Mac; on Linux it works in a terminal. To stop it, press Ctrl and C together.

cd "$(dirname "$0")" || exit 1

# The window stays until somebody has read it.
ended() {
  printf '\n%s\n' "$@"
  read -r -p "Press Enter to close this. " || true
  exit 1
}

get_node=(
  "Get it at https://nodejs.org : take version 24, the one marked LTS, and install it."
  "Then double-click this file again."
)
command -v node >/dev/null 2>&1 ||
  ended "Placard needs Node.js, a free program, and it is not on this computer yet." "${get_node[@]}"
node -e "process.exit(parseInt(process.versions.node, 10) < 20 ? 1 : 0)" ||
  ended "Placard needs a newer Node.js than the one on this computer." "${get_node[@]}"

# What is installed belongs to the package-lock.json that was copied after it.
if ! cmp -s package-lock.json node_modules/.installed-lock.json; then
  echo "Fetching what Placard needs. This takes a minute or two, once for each version."
  npm ci || ended "Placard could not be installed. The lines above say why."
  cp package-lock.json node_modules/.installed-lock.json
fi

# Ctrl and C ends Placard, and this with it, without the words for a failure.
trap 'exit 0' INT
npm start || ended "Placard has stopped. The lines above say why."
