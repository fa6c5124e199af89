Feature: Hooks and the life of a provider

  @spec-4.3.5 @spec-4.3.8
  Scenario: Hooks are told what was resolved
    Given a stable provider
    And a client with added hook
    And a Boolean-flag with key "isOpen" and a fallback value "false"
    When the flag was evaluated with details
    Then the "before" hook should have been executed
    And the "after, finally" hooks should be called with evaluation details
      | data_type | key        | value  |
      | string    | flag_key   | isOpen |
      | boolean   | value      | true   |
      | string    | variant    | open   |
      | string    | error_code | null   |

  @spec-4.4.7
  Scenario: Hooks are told what went wrong
    Given a stable provider
    And a client with added hook
    And a Integer-flag with key "greeting" and a fallback value "3"
    When the flag was evaluated with details
    Then the "before, error" hook should have been executed
    And the "finally" hooks should be called with evaluation details
      | data_type | key        | value         |
      | string    | flag_key   | greeting      |
      | integer   | value      | 3             |
      | string    | reason     | ERROR         |
      | string    | error_code | TYPE_MISMATCH |

  @spec-1.7.1 @spec-1.7.3
  Scenario: Status
    Given a stable provider
    Then the provider status should be "READY"

  @device @spec-1.7.1 @spec-1.7.4 @spec-2.4.2.1
  Scenario Outline: Status, by the rules
    Given a <state> provider
    And a Boolean-flag with key "isOpen" and a fallback value "false"
    When the flag was evaluated with details
    Then the provider status should be "<status>"
    And the resolved details value should be "<value>"
    And the error-code should be "<code>"

    Examples:
      | state     | status    | value | code               |
      | not ready | NOT_READY | false | PROVIDER_NOT_READY |
      | error     | ERROR     | false | PROVIDER_NOT_READY |
      | fatal     | FATAL     | false | PROVIDER_FATAL     |
      | stale     | STALE     | true  | null               |
