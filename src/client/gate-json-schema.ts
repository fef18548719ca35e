/* Made from the OpenAPI document by `npm run client`; `npm run check` compares them. */
export const gateJsonSchema = {
  "$ref": "#/$defs/Gate",
  "$defs": {
    "Gate": {
      "anyOf": [
        {
          "$ref": "#/$defs/GateSpecification"
        },
        {
          "$ref": "#/$defs/Ungated"
        }
      ],
      "description": "What has to hold after a deployment; or why nothing has to.",
      "examples": [
        {
          "bakeSeconds": 600,
          "identity": {
            "url": "{host.url}/info",
            "field": "/imageDigest"
          },
          "checks": [
            {
              "name": "ready",
              "type": "http",
              "url": "{host.url}/readyz",
              "expect": [
                {
                  "field": "status",
                  "op": "eq",
                  "value": 200
                }
              ]
            }
          ]
        }
      ]
    },
    "GateSpecification": {
      "type": "object",
      "properties": {
        "warmUpSeconds": {
          "type": "number",
          "minimum": 0,
          "maximum": 86400,
          "description": "How long nothing is measured after `deployed`, where the gate has no identity.",
          "examples": [
            30
          ]
        },
        "bakeSeconds": {
          "type": "number",
          "minimum": 0,
          "maximum": 86400,
          "description": "How long the gate watches; by the tier unless given.",
          "examples": [
            600
          ]
        },
        "shadow": {
          "description": "The gate is run and decides nothing: its verdict is kept as `shadowVerdict`, and the deployment promoted.",
          "type": "boolean",
          "examples": [
            false
          ]
        },
        "identity": {
          "type": "object",
          "properties": {
            "url": {
              "type": "string",
              "minLength": 1,
              "maxLength": 2000,
              "description": "Where each host says what it runs.",
              "examples": [
                "{host.url}/info"
              ]
            },
            "field": {
              "type": "string",
              "minLength": 1,
              "maxLength": 200,
              "description": "The JSON pointer to the digest, or to the git commit.",
              "examples": [
                "/imageDigest"
              ]
            },
            "consecutive": {
              "type": "integer",
              "minimum": 1,
              "maximum": 100,
              "description": "So many times in a row a host has to show it.",
              "examples": [
                3
              ]
            },
            "withinSeconds": {
              "type": "number",
              "minimum": 0,
              "maximum": 86400,
              "description": "Within this time every host has to show it; else the verdict is rollback.",
              "examples": [
                120
              ]
            },
            "watch": {
              "description": "Plimsoll asks each host every 60 s, also after the gate: what it reads is an observation.",
              "type": "boolean",
              "examples": [
                true
              ]
            }
          },
          "required": [
            "url",
            "field"
          ],
          "additionalProperties": false,
          "description": "How each host shows which release it runs, before the bake begins.",
          "examples": [
            {
              "url": "{host.url}/info",
              "field": "/imageDigest"
            }
          ]
        },
        "checks": {
          "maxItems": 50,
          "type": "array",
          "items": {
            "oneOf": [
              {
                "$ref": "#/$defs/HttpCheck"
              },
              {
                "$ref": "#/$defs/PrometheusCheck"
              }
            ]
          },
          "description": "What is measured, again and again.",
          "examples": [
            [
              {
                "name": "ready",
                "type": "http",
                "url": "{host.url}/readyz",
                "expect": [
                  {
                    "field": "status",
                    "op": "eq",
                    "value": 200
                  }
                ]
              }
            ]
          ]
        }
      },
      "required": [
        "checks"
      ],
      "additionalProperties": false
    },
    "HttpCheck": {
      "type": "object",
      "properties": {
        "name": {
          "type": "string",
          "minLength": 1,
          "maxLength": 63,
          "description": "What the check is called in measurements and reasons.",
          "examples": [
            "ready"
          ]
        },
        "required": {
          "type": "boolean",
          "description": "Whether it counts for the verdict; others are recorded only.",
          "examples": [
            true
          ]
        },
        "initialDelaySeconds": {
          "type": "number",
          "minimum": 0,
          "maximum": 86400,
          "description": "How long after the begin of the bake the first measurement is due.",
          "examples": [
            0
          ]
        },
        "intervalSeconds": {
          "type": "number",
          "minimum": 1,
          "maximum": 86400,
          "description": "From one measurement to the next.",
          "examples": [
            15
          ]
        },
        "timeoutSeconds": {
          "type": "number",
          "minimum": 0.1,
          "maximum": 86400,
          "description": "How long one measurement may take.",
          "examples": [
            5
          ]
        },
        "expect": {
          "maxItems": 50,
          "type": "array",
          "items": {
            "$ref": "#/$defs/Condition"
          },
          "description": "Conditions that all have to hold.",
          "examples": [
            [
              {
                "field": "status",
                "op": "eq",
                "value": 200
              }
            ]
          ]
        },
        "failAt": {
          "type": "object",
          "properties": {
            "total": {
              "type": "integer",
              "minimum": 1,
              "maximum": 86400,
              "description": "So many in all are enough.",
              "examples": [
                3
              ]
            },
            "consecutive": {
              "type": "integer",
              "minimum": 1,
              "maximum": 86400,
              "description": "So many in a row are enough.",
              "examples": [
                2
              ]
            }
          },
          "additionalProperties": false,
          "description": "How many failures make the check fail, per check and host.",
          "examples": [
            {
              "total": 3,
              "consecutive": 2
            }
          ]
        },
        "errorAt": {
          "type": "integer",
          "minimum": 1,
          "maximum": 86400,
          "description": "So many errors in a row make the check an error.",
          "examples": [
            5
          ]
        },
        "minMeasurements": {
          "type": "number",
          "exclusiveMinimum": 0,
          "maximum": 1,
          "description": "The share of the planned measurements that there have to be.",
          "examples": [
            0.8
          ]
        },
        "onNoData": {
          "type": "string",
          "enum": [
            "hold",
            "pass",
            "fail"
          ],
          "description": "What a check without data comes to.",
          "examples": [
            "hold"
          ]
        },
        "baseline": {
          "type": "object",
          "properties": {
            "op": {
              "type": "string",
              "enum": [
                "lt",
                "lte",
                "gt",
                "gte"
              ],
              "description": "How it is compared.",
              "examples": [
                "lte"
              ]
            },
            "factor": {
              "type": "number",
              "exclusiveMinimum": 0,
              "maximum": 1000,
              "description": "How many times the mean of those runs it may be.",
              "examples": [
                1.2
              ]
            },
            "runs": {
              "type": "integer",
              "minimum": 1,
              "maximum": 20,
              "description": "The mean of so many promoted runs counts.",
              "examples": [
                3
              ]
            }
          },
          "required": [
            "factor"
          ],
          "additionalProperties": false,
          "description": "Compares the mean of the run with that of promoted runs before it.",
          "examples": [
            {
              "op": "lte",
              "factor": 1.2,
              "runs": 3
            }
          ]
        },
        "type": {
          "type": "string",
          "const": "http",
          "description": "How it measures.",
          "examples": [
            "http"
          ]
        },
        "url": {
          "type": "string",
          "minLength": 1,
          "maxLength": 2000,
          "description": "Where the probe goes: `{host.url}` is the host, `{release.*}` the release.",
          "examples": [
            "{host.url}/readyz"
          ]
        }
      },
      "required": [
        "name",
        "type",
        "url"
      ],
      "additionalProperties": false
    },
    "Condition": {
      "type": "object",
      "properties": {
        "field": {
          "type": "string",
          "minLength": 1,
          "maxLength": 200,
          "description": "What is looked at: `status`, `durationMs`, `header:<name>`, or a JSON pointer into the body; `value` of Prometheus.",
          "examples": [
            "status"
          ]
        },
        "op": {
          "type": "string",
          "enum": [
            "eq",
            "ne",
            "lt",
            "lte",
            "gt",
            "gte",
            "in",
            "contains"
          ],
          "description": "How it is compared.",
          "examples": [
            "eq"
          ]
        },
        "value": {
          "anyOf": [
            {
              "type": "string",
              "maxLength": 1000
            },
            {
              "type": "number"
            },
            {
              "type": "boolean"
            },
            {
              "type": "null"
            },
            {
              "type": "array",
              "maxItems": 100,
              "items": {
                "anyOf": [
                  {
                    "type": "string",
                    "maxLength": 1000
                  },
                  {
                    "type": "number"
                  },
                  {
                    "type": "boolean"
                  },
                  {
                    "type": "null"
                  }
                ]
              }
            }
          ],
          "description": "What it is compared with.",
          "examples": [
            200
          ]
        }
      },
      "required": [
        "field",
        "op",
        "value"
      ],
      "additionalProperties": false,
      "description": "Data, never run as code."
    },
    "PrometheusCheck": {
      "type": "object",
      "properties": {
        "name": {
          "type": "string",
          "minLength": 1,
          "maxLength": 63,
          "description": "What the check is called in measurements and reasons.",
          "examples": [
            "error-ratio"
          ]
        },
        "required": {
          "type": "boolean",
          "description": "Whether it counts for the verdict; others are recorded only.",
          "examples": [
            true
          ]
        },
        "initialDelaySeconds": {
          "type": "number",
          "minimum": 0,
          "maximum": 86400,
          "description": "How long after the begin of the bake the first measurement is due.",
          "examples": [
            60
          ]
        },
        "intervalSeconds": {
          "type": "number",
          "minimum": 1,
          "maximum": 86400,
          "description": "From one measurement to the next.",
          "examples": [
            15
          ]
        },
        "timeoutSeconds": {
          "type": "number",
          "minimum": 0.1,
          "maximum": 86400,
          "description": "How long one measurement may take.",
          "examples": [
            5
          ]
        },
        "expect": {
          "maxItems": 50,
          "type": "array",
          "items": {
            "$ref": "#/$defs/Condition"
          },
          "description": "Conditions that all have to hold.",
          "examples": [
            [
              {
                "field": "value",
                "op": "lt",
                "value": 0.01
              }
            ]
          ]
        },
        "failAt": {
          "type": "object",
          "properties": {
            "total": {
              "type": "integer",
              "minimum": 1,
              "maximum": 86400,
              "description": "So many in all are enough.",
              "examples": [
                3
              ]
            },
            "consecutive": {
              "type": "integer",
              "minimum": 1,
              "maximum": 86400,
              "description": "So many in a row are enough.",
              "examples": [
                2
              ]
            }
          },
          "additionalProperties": false,
          "description": "How many failures make the check fail, per check and host.",
          "examples": [
            {
              "total": 3,
              "consecutive": 2
            }
          ]
        },
        "errorAt": {
          "type": "integer",
          "minimum": 1,
          "maximum": 86400,
          "description": "So many errors in a row make the check an error.",
          "examples": [
            5
          ]
        },
        "minMeasurements": {
          "type": "number",
          "exclusiveMinimum": 0,
          "maximum": 1,
          "description": "The share of the planned measurements that there have to be.",
          "examples": [
            0.8
          ]
        },
        "onNoData": {
          "type": "string",
          "enum": [
            "hold",
            "pass",
            "fail"
          ],
          "description": "What a check without data comes to.",
          "examples": [
            "hold"
          ]
        },
        "baseline": {
          "type": "object",
          "properties": {
            "op": {
              "type": "string",
              "enum": [
                "lt",
                "lte",
                "gt",
                "gte"
              ],
              "description": "How it is compared.",
              "examples": [
                "lte"
              ]
            },
            "factor": {
              "type": "number",
              "exclusiveMinimum": 0,
              "maximum": 1000,
              "description": "How many times the mean of those runs it may be.",
              "examples": [
                1.2
              ]
            },
            "runs": {
              "type": "integer",
              "minimum": 1,
              "maximum": 20,
              "description": "The mean of so many promoted runs counts.",
              "examples": [
                3
              ]
            }
          },
          "required": [
            "factor"
          ],
          "additionalProperties": false,
          "description": "Compares the mean of the run with that of promoted runs before it.",
          "examples": [
            {
              "op": "lte",
              "factor": 1.2,
              "runs": 3
            }
          ]
        },
        "type": {
          "type": "string",
          "const": "prometheus",
          "description": "How it measures.",
          "examples": [
            "prometheus"
          ]
        },
        "query": {
          "type": "string",
          "minLength": 1,
          "maxLength": 2000,
          "description": "An instant query that answers exactly one series.",
          "examples": [
            "sum(rate(http_requests_total{version=\"{release.version}\",code=~\"5..\"}[2m])) / sum(rate(http_requests_total{version=\"{release.version}\"}[2m]))"
          ]
        },
        "minRequests": {
          "$ref": "#/$defs/MinRequests",
          "description": "Below so many requests a measurement has no data.",
          "examples": [
            {
              "query": "sum(increase(http_requests_total{version=\"{release.version}\"}[2m]))",
              "atLeast": 20
            }
          ]
        }
      },
      "required": [
        "name",
        "type",
        "query"
      ],
      "additionalProperties": false
    },
    "MinRequests": {
      "type": "object",
      "properties": {
        "query": {
          "type": "string",
          "minLength": 1,
          "maxLength": 2000,
          "description": "A query that counts the requests of the window.",
          "examples": [
            "sum(increase(http_requests_total{version=\"{release.version}\"}[2m]))"
          ]
        },
        "atLeast": {
          "type": "number",
          "exclusiveMinimum": 0,
          "description": "So many requests are enough.",
          "examples": [
            20
          ]
        }
      },
      "required": [
        "query"
      ],
      "additionalProperties": false,
      "description": "Below so many (20) there is nothing to judge: `no_data`."
    },
    "Ungated": {
      "type": "object",
      "properties": {
        "ungated": {
          "type": "string",
          "minLength": 0,
          "maxLength": 1000,
          "pattern": "\\S",
          "description": "Why deployments of this slot are promoted without being watched.",
          "examples": [
            "An internal tool that nobody depends on."
          ]
        }
      },
      "required": [
        "ungated"
      ],
      "additionalProperties": false,
      "description": "This slot has no gate, for this reason."
    }
  }
} as const;
