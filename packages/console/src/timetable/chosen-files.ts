/** A file as the hub takes it: its bytes in base64. */
export type ChosenFile = Readonly<{ name: string; content: string }>;

/** Reads files that a person chose. @throws where one cannot be read, such as one that was moved since */
export function readFiles(files: readonly File[]): Promise<readonly ChosenFile[]> {
  return Promise.all(files.map(async (file) => ({ name: file.name, content: await base64Of(file) })));
}

function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    // `data:…;base64,` and the bytes; of an empty file nothing but the head.
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
