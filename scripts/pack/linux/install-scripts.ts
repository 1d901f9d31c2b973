import type { PackedApp } from '../packed-app.ts';

const FOLDERS = `here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
data=\${XDG_DATA_HOME:-$HOME/.local/share}
config=\${XDG_CONFIG_HOME:-$HOME/.config}
menu=$data/applications
icons=$data/icons/hicolor/scalable/apps`;

/** Puts the app into one person's menu, and has links of its scheme lead to it. No administrator is needed. */
export function buildInstallScript({ id, executable, productName }: PackedApp, scheme: string): string {
  return `#!/bin/sh
# ${productName}: puts the app into your menu, and has links of ${scheme}: lead to it, for you alone.
# The app stays where it is. Undo it with uninstall.sh.
set -eu
${FOLDERS}
program=$here/${executable}
case $program in
  *[\\"\\\`\\$\\\\%]*) echo "Move the app to a folder without any of \\" \\\` \\$ \\\\ % in its name." >&2; exit 1 ;;
  *[!A-Za-z0-9_./:=@+,-]*) command="\\"$program\\"" ;;
  *) command=$program ;;
esac
mkdir -p "$menu" "$icons"
while IFS= read -r line; do
  case $line in
    Exec=*) printf 'Exec=%s %%u\\n' "$command" ;;
    *) printf '%s\\n' "$line" ;;
  esac
done < "$here/${id}.desktop" > "$menu/${id}.desktop"
cp "$here/${id}.svg" "$icons/${id}.svg"
update-desktop-database "$menu" 2>/dev/null || :
xdg-mime default ${id}.desktop x-scheme-handler/${scheme}
echo "Installed: $menu/${id}.desktop"
`;
}

/** Undoes the other one, and what the app itself has registered; the app's folder can be removed then. */
export function buildUninstallScript({ id, executable, productName }: PackedApp, scheme: string): string {
  return `#!/bin/sh
# ${productName}: takes the app out of your menu, and its scheme from it. Remove this folder then; sign out in the app before.
set -eu
${FOLDERS}
for entry in "$menu/${id}.desktop" "$menu/${scheme}.link.desktop"; do
  # Another copy of the app may have the scheme by now.
  if grep -qF "$here/${executable}" "$entry" 2>/dev/null; then
    rm "$entry"
    name=\${entry##*/}
    for list in "$config/mimeapps.list" "$menu/mimeapps.list"; do
      [ -f "$list" ] || continue
      grep -vxF -e "x-scheme-handler/${scheme}=$name" -e "x-scheme-handler/${scheme}=$name;" "$list" > "$list.new" || :
      mv "$list.new" "$list"
    done
  fi
done
[ -e "$menu/${id}.desktop" ] || rm -f "$icons/${id}.svg"
update-desktop-database "$menu" 2>/dev/null || :
echo "Removed from the menu. The app is still in $here."
`;
}
