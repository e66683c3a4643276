import type { MqttClient } from 'mqtt';

/**
 * A packet of MQTT may say that it has 256 MB, and neither MQTT.js nor mqtt-packet refuses one before all of it is in
 * memory: MQTT 3.1.1 has no maximum packet size (5.0 has, and MQTT.js looks at it when the packet is whole). The largest
 * that a hub sends is a configuration of some hundred kB.
 */
const longestPacket = 1024 * 1024;

/**
 * Watches how much of a packet that is not whole yet has come in.
 * @param onExceeded called when it is more than any packet may have; the session is to be ended then
 */
export function limitPackets(client: MqttClient, onExceeded: () => void): void {
  let bytes = 0;
  client.on('packetreceive', () => {
    bytes = 0;
  });
  // Behind the parser's own listener: what ended a packet was told before, what begins the next one counts.
  client.stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > longestPacket) onExceeded();
  });
}
