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
      ]
    },
    "GateSpecification": {
      "type": "object",
      "properties": {
        "warmUpSeconds": {
          "type": "number",
          "minimum": 0,
          "maximum": 86400
        },
        "bakeSeconds": {
          "type": "number",
          "minimum": 0,
          "maximum": 86400
        },
        "shadow": {
          "description": "The gate is run and decides nothing: its verdict is kept as `shadowVerdict`, and the deployment promoted.",
          "type": "boolean"
        },
        "identity": {
          "type": "object",
          "properties": {
            "url": {
              "type": "string",
              "minLength": 1,
              "maxLength": 2000
            },
            "field": {
              "type": "string",
              "minLength": 1,
              "maxLength": 200
            },
            "consecutive": {
              "type": "integer",
              "minimum": 1,
              "maximum": 100
            },
            "withinSeconds": {
              "type": "number",
              "minimum": 0,
              "maximum": 86400
            },
            "watch": {
              "description": "Plimsoll asks each host every 60 s, also after the gate: what it reads is an observation.",
              "type": "boolean"
            }
          },
          "required": [
            "url",
            "field"
          ],
          "additionalProperties": false
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
          }
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
          "maxLength": 63
        },
        "required": {
          "type": "boolean"
        },
        "initialDelaySeconds": {
          "type": "number",
          "minimum": 0,
          "maximum": 86400
        },
        "intervalSeconds": {
          "type": "number",
          "minimum": 1,
          "maximum": 86400
        },
        "timeoutSeconds": {
          "type": "number",
          "minimum": 0.1,
          "maximum": 86400
        },
        "expect": {
          "maxItems": 50,
          "type": "array",
          "items": {
            "$ref": "#/$defs/Condition"
          }
        },
        "failAt": {
          "type": "object",
          "properties": {
            "total": {
              "type": "integer",
              "minimum": 1,
              "maximum": 86400
            },
            "consecutive": {
              "type": "integer",
              "minimum": 1,
              "maximum": 86400
            }
          },
          "additionalProperties": false
        },
        "errorAt": {
          "type": "integer",
          "minimum": 1,
          "maximum": 86400
        },
        "minMeasurements": {
          "type": "number",
          "exclusiveMinimum": 0,
          "maximum": 1
        },
        "onNoData": {
          "type": "string",
          "enum": [
            "hold",
            "pass",
            "fail"
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
              ]
            },
            "factor": {
              "type": "number",
              "exclusiveMinimum": 0,
              "maximum": 1000
            },
            "runs": {
              "type": "integer",
              "minimum": 1,
              "maximum": 20
            }
          },
          "required": [
            "factor"
          ],
          "additionalProperties": false
        },
        "type": {
          "type": "string",
          "const": "http"
        },
        "url": {
          "type": "string",
          "minLength": 1,
          "maxLength": 2000
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
          "maxLength": 200
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
          "maxLength": 63
        },
        "required": {
          "type": "boolean"
        },
        "initialDelaySeconds": {
          "type": "number",
          "minimum": 0,
          "maximum": 86400
        },
        "intervalSeconds": {
          "type": "number",
          "minimum": 1,
          "maximum": 86400
        },
        "timeoutSeconds": {
          "type": "number",
          "minimum": 0.1,
          "maximum": 86400
        },
        "expect": {
          "maxItems": 50,
          "type": "array",
          "items": {
            "$ref": "#/$defs/Condition"
          }
        },
        "failAt": {
          "type": "object",
          "properties": {
            "total": {
              "type": "integer",
              "minimum": 1,
              "maximum": 86400
            },
            "consecutive": {
              "type": "integer",
              "minimum": 1,
              "maximum": 86400
            }
          },
          "additionalProperties": false
        },
        "errorAt": {
          "type": "integer",
          "minimum": 1,
          "maximum": 86400
        },
        "minMeasurements": {
          "type": "number",
          "exclusiveMinimum": 0,
          "maximum": 1
        },
        "onNoData": {
          "type": "string",
          "enum": [
            "hold",
            "pass",
            "fail"
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
              ]
            },
            "factor": {
              "type": "number",
              "exclusiveMinimum": 0,
              "maximum": 1000
            },
            "runs": {
              "type": "integer",
              "minimum": 1,
              "maximum": 20
            }
          },
          "required": [
            "factor"
          ],
          "additionalProperties": false
        },
        "type": {
          "type": "string",
          "const": "prometheus"
        },
        "query": {
          "type": "string",
          "minLength": 1,
          "maxLength": 2000,
          "description": "An instant query that answers exactly one series."
        },
        "minRequests": {
          "$ref": "#/$defs/MinRequests"
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
          "maxLength": 2000
        },
        "atLeast": {
          "type": "number",
          "exclusiveMinimum": 0
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
          "pattern": "\\S"
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
