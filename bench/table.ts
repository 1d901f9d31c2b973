/** Rows of cells as text, each column as wide as its widest cell. */
export function renderRows(rows: readonly (readonly string[])[]): string {
  const width = (column: number) => Math.max(...rows.map((row) => (row[column] ?? '').length));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(width(column)))
      .join('  ')
      .trimEnd();
  return `${rows.map(line).join('\n')}\n`;
}
