/** The picture of BandChart. Apart from it, so that recharts is only loaded where a chart is looked at. */
import { Area, ComposedChart, Line, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { BandPoint, BandView } from '../words/band.server.ts';

const INK = '#1f5fa8';
const BAND = '#bcd6f2';
const AXIS = '#616161';

export default function BandDrawing({ view }: { view: BandView }) {
  const named = (ticks: { value: number; label: string }[]) => (value: number) =>
    ticks.find((tick) => tick.value === value)?.label ?? '';
  const low = view.values[0]?.value ?? 0;
  const high = view.values.at(-1)?.value ?? 1;
  const points = view.points.length === 1 ? widened(view.points) : view.points;
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart data={points} margin={{ top: 8, right: 12, bottom: 0, left: 0 }} accessibilityLayer={false}>
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
          domain={[low, high]}
          allowDataOverflow
          ticks={view.values.map((tick) => tick.value)}
          tickFormatter={named(view.values)}
          tick={{ fontSize: 12, fill: AXIS }}
          axisLine={false}
          tickLine={false}
        />
        <ReferenceLine y={0} stroke="#8a8a8a" strokeDasharray="3 3" />
        <Area dataKey="band" stroke="none" fill={BAND} fillOpacity={0.75} isAnimationActive={false} activeDot={false} />
        <Line dataKey="estimate" stroke={INK} strokeWidth={2.5} dot={points.length < 3} isAnimationActive={false} />
        <Tooltip
          cursor={{ stroke: '#8a8a8a' }}
          content={({ payload }) => <Words point={payload[0]?.payload as BandPoint | undefined} />}
        />
      </ComposedChart>
    </ResponsiveContainer>
  );
}

/** One look alone has no width: it is drawn a day wide. */
function widened(points: BandPoint[]): BandPoint[] {
  return points.flatMap((point) => [
    { ...point, at: point.at - 43_200_000 },
    point,
    { ...point, at: point.at + 43_200_000 },
  ]);
}

function Words({ point }: { point: BandPoint | undefined }) {
  if (!point) return null;
  return (
    <div className="rk-tip">
      <strong>{point.words.day}</strong>
      <span>{point.words.estimate}</span>
      <span>{point.words.range}</span>
    </div>
  );
}
