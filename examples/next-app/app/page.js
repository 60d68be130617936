'use client';

import { useState } from 'react';

export default function Page() {
  const [answer, setAnswer] = useState(null);

  async function submit(event) {
    event.preventDefault();
    const response = await fetch('/api/detect', { method: 'POST', body: new FormData(event.currentTarget) });
    setAnswer(await response.json());
  }

  return (
    <main>
      <h1>What is in this picture?</h1>
      <form onSubmit={submit}>
        <label>
          Picture <input type="file" name="image" accept="image/*" required />
        </label>
        <button type="submit">Detect</button>
      </form>
      <output>
        {answer?.error}
        <ul>
          {answer?.detections?.map(({ box, labels }) => (
            <li key={box.join()}>{labels.map(({ label, score }) => `${label} ${score.toFixed(2)}`).join(', ')}</li>
          ))}
        </ul>
      </output>
    </main>
  );
}
