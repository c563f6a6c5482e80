// A finished export, fetched piece by piece and handed to the browser as a file.

export async function download(ask, job, progress) {
  const pieces = [];
  let offset = 0;
  let told;
  do {
    told = await ask("download", { job, offset });
    const piece = told.buffers?.[0];
    if (!piece?.byteLength) break;
    pieces.push(piece);
    offset += piece.byteLength;
    progress(offset, told.size);
  } while (offset < told.size);
  if (offset !== told.size) throw new Error("没有取到完整的文件，请再下载一次");
  const address = URL.createObjectURL(new Blob(pieces));
  const link = document.createElement("a");
  link.href = address;
  link.download = told.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}
