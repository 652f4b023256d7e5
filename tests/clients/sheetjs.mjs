// program: SheetJS (npm xlsx)
// asks: the workbook of statements: sheets and rows
// expects: Statements, Codes, Dictionary, About; 292 rows
import xlsx from "xlsx";

const file = await (await fetch(`${process.env.SITE}/statements.xlsx`)).arrayBuffer();
const book = xlsx.read(file);
const rows = xlsx.utils.sheet_to_json(book.Sheets[book.SheetNames[0]]);
console.log(`${book.SheetNames.join(", ")}; ${rows.length} rows`);
