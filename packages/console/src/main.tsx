import { render } from 'preact';
import './design/base.css';
import './design/parts.css';
import { App } from './app.tsx';
import { openSession } from './session/session.ts';

const root = document.getElementById('console');
if (root === null) throw new Error('index.html has no #console');
render(<App />, root);
openSession();
