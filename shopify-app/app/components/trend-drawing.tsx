/** The picture of TrendChart. Apart from it, so that recharts is only loaded where a chart is looked at. */
import { ComposedChart, Line, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { TrendView } from '../words/reputation.server.ts';

const COMPLAINTS = '#1f5fa8';
const BOUNCES = '#b4561a';
const AXIS = '#616161';

export default function TrendDrawing({ view, names }: { view: TrendView; names: string[] }) {
  const named = (ticks: { value: number; label: string }[]) => (value: number) =>
    ticks.find((tick) => tick.value === value)?.label ?? '';
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart data={view.points} margin={{ top: 8, right: 12, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <XAxis
          dataKey="at"
          type="number"
          domain={['dataMin', 'dataMax']}
          ticks={view.times.map((tick) => tick.value)}
          tickFormatter={named(view.times)}
          tick={{ fontSize: 12, fill: AXIS }}
          stroke="#c9c9c9"
          tickLine={false}
          padding={{ left: 8, right: 8 }}
        />
        <YAxis
          width={58}
          domain={[0, view.values.at(-1)?.value ?? 1]}
          ticks={view.values.map((tick) => tick.value)}
          tickFormatter={named(view.values)}
          tick={{ fontSize: 12, fill: AXIS }}
          axisLine={false}
          tickLine={false}
        />
        <ReferenceLine y={0.1} stroke="#8a8a8a" strokeDasharray="2 4" />
        <Line dataKey="complaints" stroke={COMPLAINTS} strokeWidth={2.5} dot={{ r: 2 }} isAnimationActive={false} />
        <Line
          dataKey="bounces"
          stroke={BOUNCES}
          strokeWidth={2.5}
          strokeDasharray="6 3"
          dot={{ r: 2 }}
          isAnimationActive={false}
        />
        <Tooltip
          cursor={{ stroke: '#8a8a8a' }}
          content={({ payload }) => {
            const point = payload[0]?.payload as TrendView['points'][number] | undefined;
            return (
              point && (
                <div className="rk-tip">
                  <strong>{point.day}</strong>
                  <span>{`${names[0] ?? ''}: ${point.words[1] ?? ''}`}</span>
                  <span>{`${names[1] ?? ''}: ${point.words[2] ?? ''}`}</span>
                </div>
              )
            );
          }}
        />
      </ComposedChart>
    </ResponsiveContainer>
  );
}
