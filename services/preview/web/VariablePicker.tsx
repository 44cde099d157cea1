import { Field, Icon, Input, MultiSelect, Select, Tooltip } from '@grafana/ui';
import React, { useEffect, useState } from 'react';
import { pressed } from './variables/settle';
import { ALL, ALL_TEXT, type Variable } from './variables/types';

interface VariablePickerProps {
  readonly variable: Variable;
  readonly onChange: (changes: Readonly<Record<string, string | readonly string[]>>) => void;
}

/** A variable's name and choice. One whose options could not be loaded says why, and keeps its value. */
export function VariablePicker({ variable, onChange }: VariablePickerProps) {
  const { model, error } = variable;
  const label = model.label || model.name;
  const choose = (values: readonly string[]) =>
    onChange({ [`var-${model.name}`]: values.length === 0 ? '' : values });
  return (
    // `hide` 1: without its name.
    <Field
      label={
        model.hide === 1 ? undefined : (
          <span style={{ whiteSpace: 'nowrap', paddingRight: 4 }}>
            {label}
            {error !== undefined && (
              <Tooltip content={error}>
                <Icon name="exclamation-triangle" tabIndex={0} aria-label={`${label}: ${error}`} />
              </Tooltip>
            )}
          </span>
        )
      }
      noMargin
      horizontal
    >
      <Choice variable={variable} label={label} onChoose={choose} />
    </Field>
  );
}

interface ChoiceProps {
  readonly variable: Variable;
  readonly label: string;
  readonly onChoose: (values: readonly string[]) => void;
}

function Choice({ variable, label, onChoose }: ChoiceProps) {
  const { model, options, value } = variable;
  if (model.type === 'textbox') return <TextChoice variable={variable} label={label} onChoose={onChoose} />;
  const all = model.includeAll === true ? [{ label: ALL_TEXT, value: ALL }] : [];
  const choices = [...all, ...options.map((option) => ({ label: option.text, value: option.value }))];
  const invalid = variable.error !== undefined;
  if (model.multi === true)
    return (
      <MultiSelect
        options={choices}
        value={[value].flat()}
        onChange={(next) =>
          onChoose(
            pressed(
              model,
              options,
              next.map((o) => o.value ?? ''),
            ),
          )
        }
        aria-label={label}
        closeMenuOnSelect={false}
        allowCustomValue
        invalid={invalid}
        width={28}
      />
    );
  const [single = ''] = [variable.inUrl ?? value].flat();
  const known = choices.some((option) => option.value === single);
  return (
    <Select
      options={known || single === '' ? choices : [{ label: single, value: single }, ...choices]}
      value={single}
      onChange={(next) => onChoose([next.value ?? ''])}
      aria-label={label}
      allowCustomValue
      invalid={invalid}
      width={28}
    />
  );
}

/** A text takes effect with Enter or when the focus leaves it. */
function TextChoice({ variable: { value }, label, onChoose }: ChoiceProps) {
  const current = String(value);
  const [text, setText] = useState(current);
  useEffect(() => setText(current), [current]);
  const submit = () => {
    if (text !== current) onChoose([text]);
  };
  return (
    <Input
      value={text}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={submit}
      onKeyDown={({ key }) => key === 'Enter' && submit()}
      aria-label={label}
      width={28}
    />
  );
}
