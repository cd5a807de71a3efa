import { contentDisposition, mediaType } from './download';

describe(contentDisposition, () => {
  it.each([
    ['contract.pdf', `attachment; filename="contract.pdf"; filename*=UTF-8''contract.pdf`],
    ['Größe (1).pdf', `attachment; filename="Gr__e (1).pdf"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%281%29.pdf`],
    [
      'a"; filename="b.exe',
      `attachment; filename="a_; filename=_b.exe"; filename*=UTF-8''a%22%3B%20filename%3D%22b.exe`,
    ],
    [
      'a\r\nset-cookie: x=1',
      `attachment; filename="aset-cookie: x=1"; filename*=UTF-8''aset-cookie%3A%20x%3D1`,
    ],
    ['../../etc/passwd', `attachment; filename=".._.._etc_passwd"; filename*=UTF-8''.._.._etc_passwd`],
    ['invoice\u202Efdp.exe', `attachment; filename="invoicefdp.exe"; filename*=UTF-8''invoicefdp.exe`],
    ['\ud800', `attachment; filename="_"; filename*=UTF-8''%EF%BF%BD`],
    ['..', 'attachment'],
    [' ', 'attachment'],
    [undefined, 'attachment'],
  ])('makes of %j a header that saves the file and does nothing else', (name, header) => {
    expect(contentDisposition(name)).toBe(header);
  });
});

describe(mediaType, () => {
  it.each([
    ['application/pdf', 'application/pdf'],
    ['image/svg+xml', 'image/svg+xml'],
    ['text/html; charset=x', 'application/octet-stream'],
    ['text/html\r\nx: y', 'application/octet-stream'],
    ['pdf', 'application/octet-stream'],
    [undefined, 'application/octet-stream'],
  ])('sends %j as %s', (type, sent) => {
    expect(mediaType(type)).toBe(sent);
  });
});
