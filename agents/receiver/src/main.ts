import { runProgram } from '@tongtang/agent/program';
import { receiver } from './receiver.ts';

runProgram({ title: 'The Tongtang agent beside a satellite receiver', probeSet: receiver });
