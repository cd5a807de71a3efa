export interface Label {
  id: string;
  name: string;
  type: 'system' | 'user';
}

const SYSTEM = [
  'CHAT',
  'SENT',
  'INBOX',
  'IMPORTANT',
  'TRASH',
  'DRAFT',
  'SPAM',
  'CATEGORY_FORUMS',
  'CATEGORY_UPDATES',
  'CATEGORY_PERSONAL',
  'CATEGORY_PROMOTIONS',
  'CATEGORY_SOCIAL',
  'STARRED',
  'UNREAD',
];

/** The labels of one mailbox: the system ones and the user's own (`Label_1`, `Label_2`, …). */
export class LabelBook {
  private readonly labels = new Map<string, Label>(
    SYSTEM.map((id): [string, Label] => [id, { id, name: id, type: 'system' }]),
  );
  private created = 0;

  add(name: string): Label {
    this.created += 1;
    const label: Label = { id: `Label_${this.created}`, name, type: 'user' };
    this.labels.set(label.id, label);
    return label;
  }

  remove(id: string): void {
    this.labels.delete(id);
  }

  get(id: string): Label | null {
    return this.labels.get(id) ?? null;
  }

  byName(name: string): Label | null {
    const wanted = name.toLowerCase();
    return this.list().find((label) => label.name.toLowerCase() === wanted) ?? null;
  }

  list(): Label[] {
    return [...this.labels.values()];
  }
}
