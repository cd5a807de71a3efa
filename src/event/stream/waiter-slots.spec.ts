import { TooManyWaitersError } from '../event.errors';
import { WaiterSlots } from './waiter-slots';

describe(WaiterSlots, () => {
  it('refuses one key more than its share, and lets others in', () => {
    const slots = new WaiterSlots({ total: 10, ofCaller: 2 });
    const leave = slots.take('a');
    slots.take('a');
    expect(() => slots.take('a')).toThrow('2 calls wait for an event with this key already');
    slots.take('b');
    leave();
    slots.take('a');
    expect(() => slots.take('a')).toThrow(TooManyWaitersError);
  });

  it('refuses all of them together more than the process takes', () => {
    const slots = new WaiterSlots({ total: 2, ofCaller: 2 });
    const leave = slots.take('a');
    slots.take('b');
    expect(() => slots.take('c')).toThrow('2 calls wait for an event at this replica already');
    leave();
    slots.take('c');
  });
});
