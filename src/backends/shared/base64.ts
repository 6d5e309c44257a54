/**
 * A picture written as text: base64 in lines or in one, URL-safe or not, bare or as a data URI.
 * `undefined`: no base64, or nothing.
 */
export function bytesOfBase64(text: string): Buffer | undefined {
  const bare = text.replace(/^\s*data:[^,]{0,200},/iu, "");
  const bytes = /^[\w+/=\s-]*$/u.test(bare) ? Buffer.from(bare, "base64") : Buffer.alloc(0);
  return bytes.length > 0 ? bytes : undefined;
}
