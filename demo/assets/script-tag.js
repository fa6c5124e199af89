// What only this demo needs: its own edge, which talks http, and the panel on the right.
isotargetSettings = { serverDomain: location.host, secure: false, events: demo.listeners }
