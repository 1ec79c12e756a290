/**
 * A journey as a line from the door to the end: an ordered list, so that it is read in order without seeing it. What goes on
 * stands on the edge below a step, what leaves beside it.
 */
import type { FlowNode } from '../words/journey-flow.server.ts';

export function Flow({ nodes, leaves, label }: { nodes: FlowNode[]; leaves: string; label: string }) {
  return (
    <ol className="rk-flow" aria-label={label}>
      {nodes.map((node) => (
        <li key={node.key}>
          <div className={`rk-flow-node rk-flow-node--${node.kind}`}>
            <div className="rk-flow-what">
              <h3>{node.title}</h3>
              {node.text !== '' && <p className="rk-small">{node.text}</p>}
              {node.facts.length > 0 && <p className="rk-flow-facts">{node.facts.join(' · ')}</p>}
            </div>
            {node.ends.length > 0 && (
              <div className="rk-flow-ends">
                {node.kind !== 'door' && <h4>{leaves}</h4>}
                <ul>
                  {node.ends.map((end) => (
                    <li key={end.label}>
                      <span>{end.label}</span> <strong>{end.count}</strong>
                    </li>
                  ))}
                </ul>
              </div>
            )}
          </div>
          {node.kind !== 'end' && (
            <div className="rk-flow-edge">
              <svg viewBox="0 0 12 36" width="12" height="36" aria-hidden="true">
                <path d="M6 0v30M1.5 25.5 6 31l4.5-5.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
              </svg>
              {node.edge !== null && <span>{node.edge}</span>}
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}
