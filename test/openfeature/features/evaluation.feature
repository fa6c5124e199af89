Feature: Flags out of JSON offers

  Background:
    Given a stable provider

  @spec-2.2.2.1 @spec-2.2.3 @spec-2.2.4 @spec-2.2.6 @spec-2.3.2
  Scenario Outline: A flag has the value and the name of the experience, and no error
    Given a <type>-flag with key "<key>" and a fallback value "<default>"
    When the flag was evaluated with details
    Then the flag key should be "<key>"
    And the resolved details value should be "<value>"
    And the variant should be "<variant>"
    And the error-code should be "null"

    Examples:
      | type    | key       | default | value             | variant |
      | Boolean | isOpen    | false   | true              | open    |
      | String  | greeting  | none    | Hello             | polite  |
      | Integer | columns   | 1       | 4                 | wide    |
      | Float   | ratio     | 0.5     | 1.25              | golden  |
      | Object  | menu      | {}      | {"items": ["a"]}  | short   |

  @spec-2.2.3
  Scenario Outline: Values that count as nothing elsewhere are values
    Given a <type>-flag with key "<key>" and a fallback value "<default>"
    When the flag was evaluated with details
    Then the resolved details value should be "<value>"
    And the error-code should be "null"

    Examples:
      | type    | key     | default  | value |
      | Boolean | isShut  | true     | false |
      | String  | silence | noise    |       |
      | Integer | none    | 1        | 0     |
      | Object  | bare    | {"a": 1} | {}    |

  @spec-2.2.9 @spec-2.2.10
  Scenario: Metadata names the activity, the experience and the mbox
    Given a Boolean-flag with key "isOpen" and a fallback value "false"
    When the flag was evaluated with details
    Then the resolved metadata should contain
      | key            | metadata_type | value  |
      | flagSetId      | String        | isOpen |
      | activityName   | String        | isOpen |
      | experienceName | String        | open   |

  @spec-1.4.8 @spec-1.4.9 @spec-2.2.7 @spec-2.3.3
  Scenario Outline: A value of another type is the default, with an error
    Given a <type>-flag with key "<key>" and a fallback value "<default>"
    When the flag was evaluated with details
    Then the resolved details value should be "<default>"
    And the reason should be "ERROR"
    And the error-code should be "TYPE_MISMATCH"

    Examples:
      | type    | key      | default  |
      | Boolean | greeting | false    |
      | String  | columns  | none     |
      | Integer | isOpen   | 1        |
      | Float   | greeting | 0.5      |
      | Object  | columns  | {"a": 1} |

  @device @spec-2.2.5
  Scenario Outline: On the device the reason is what the rule goes by
    Given a String-flag with key "<key>" and a fallback value "none"
    And a context containing a key "tier", with type "String" and with value "<tier>"
    When the flag was evaluated with details
    Then the reason should be "<reason>"

    Examples:
      | key      | tier | reason          |
      | greeting | gold | STATIC          |
      | half     | gold | SPLIT           |
      | members  | gold | TARGETING_MATCH |
      | members  | iron | DEFAULT         |
      | few      | iron | DEFAULT         |

  @device @spec-2.2.7
  Scenario: On the device an mbox without rules is not found
    Given a String-flag with key "misspelt" and a fallback value "none"
    When the flag was evaluated with details
    Then the resolved details value should be "none"
    And the error-code should be "FLAG_NOT_FOUND"

  @edge @spec-2.2.5
  Scenario Outline: The edge does not say by what it went, and an mbox that it does not fill is the default
    Given a String-flag with key "<key>" and a fallback value "none"
    And a context containing a key "tier", with type "String" and with value "<tier>"
    When the flag was evaluated with details
    Then the resolved details value should be "<value>"
    And the reason should be "<reason>"
    And the error-code should be "null"

    Examples:
      | key      | tier | value    | reason          |
      | greeting | gold | Hello    | TARGETING_MATCH |
      | members  | gold | Welcome  | TARGETING_MATCH |
      | few      | iron | none     | DEFAULT         |
      | misspelt | gold | none     | DEFAULT         |

  @spec-1.4.15.1
  Scenario: Nothing that was given is changed
    Given a Boolean-flag with key "isOpen" and a fallback value "false"
    And an evaluation context with modifiable data
    When the flag was evaluated with details
    Then the original evaluation context should remain unmodified
    And the evaluation details should be immutable
