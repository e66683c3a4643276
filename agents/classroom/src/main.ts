import { runProgram } from '@tongtang/agent/program';
import { classroom } from './classroom.ts';

runProgram({ title: 'The Tongtang agent of a classroom PC', probeSet: classroom });
