import { measureIsolation } from './isolation';

describe(measureIsolation.name, () => {
  let isDisturbed = false;
  const disturb = async () => {
    isDisturbed = true;
    return () => void (isDisturbed = false);
  };

  it('compares the disturbed run with the one before it, and ends the disturbance', async () => {
    const work = async () => (isDisturbed ? 600 : 100);
    expect(await measureIsolation(work, disturb)).toEqual({ control: 100, disturbed: 600, ratio: 6 });
    expect(isDisturbed).toBe(false);
  });

  it('takes a control run for no faster than the floor', async () => {
    const work = async () => (isDisturbed ? 40 : 1);
    expect((await measureIsolation(work, disturb, 20)).ratio).toBe(2);
  });

  it('ends the disturbance also when the work fails', async () => {
    const work = async () => {
      if (isDisturbed) throw new Error('no answer');
      return 1;
    };
    await expect(measureIsolation(work, disturb)).rejects.toThrow('no answer');
    expect(isDisturbed).toBe(false);
  });
});
