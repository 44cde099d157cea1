import { InvalidArgumentError } from 'commander';

type Parser = (text: string) => number;

/** A parser of a commander option for a number within bounds. */
export function numberIn(min: number, max = Infinity): Parser {
  return parser('a number', `from ${min}${upTo(max)}`, (value) => value >= min && value <= max);
}

/** For a number above a bound. */
export function numberAbove(min: number, max = Infinity): Parser {
  return parser('a number', `above ${min}${upTo(max)}`, (value) => value > min && value <= max);
}

/** For a whole number within bounds. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): Parser {
  const isRight = (value: number) => Number.isInteger(value) && value >= min && value <= max;
  return parser('a whole number', `from ${min}${upTo(max)}`, isRight);
}

/** For a TCP port to connect to or to listen on. */
export const port = wholeNumber(1, 65_535);

function parser(kind: string, bounds: string, isRight: (value: number) => boolean): Parser {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !isRight(value)) throw new InvalidArgumentError(`Use ${kind} ${bounds}.`);
    return value;
  };
}

function upTo(max: number): string {
  return max < Number.MAX_SAFE_INTEGER ? ` to ${max}` : '';
}
