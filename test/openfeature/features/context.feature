Feature: The evaluation context is what Target is told

  Background:
    Given a stable provider

  Scenario Outline: An attribute decides
    Given a String-flag with key "members" and a fallback value "none"
    And a context containing a key "tier", with type "<type>" and with value "<tier>"
    When the flag was evaluated with details
    Then the resolved details value should be "<value>"

    Examples:
      | type    | tier | value   |
      | String  | gold | Welcome |
      | String  | iron | Hello   |
      | Integer | 7    | Welcome |
      | Boolean | true | Welcome |

  Scenario: An attribute that is null is none
    Given a String-flag with key "members" and a fallback value "none"
    And a context containing a key "tier" with null value
    When the flag was evaluated with details
    Then the resolved details value should be "Hello"

  @server @edge @spec-3.2.3
  Scenario Outline: The later level wins, all the way to the wire
    Given A table with levels of increasing precedence
      | API          |
      | Transaction  |
      | Client       |
      | Invocation   |
      | Before Hooks |
    And Context entries for each level from API level down to the "<level>" level, with key "key" and value "<level>"
    When Some flag was evaluated
    Then The merged context contains an entry with key "key" and value "<level>"

    Examples:
      | level        |
      | API          |
      | Transaction  |
      | Client       |
      | Invocation   |
      | Before Hooks |

  @web @edge @spec-3.2.2
  Scenario: The context of a page goes to the wire
    Given A context entry with key "key" and value "page" is added to the "API" level
    When Some flag was evaluated
    Then The merged context contains an entry with key "key" and value "page"
