using System.Collections;

namespace Relo.Api.Settings;

/// <summary>One setting of ours.</summary>
/// <param name="Key">Its full name: <c>Archive:Root</c>.</param>
/// <param name="Type">Type of its value.</param>
internal sealed record Setting(string Key, Type Type)
{
    /// <summary>Whether there is one for each name: <c>Access:Keys:&lt;name&gt;</c>.</summary>
    public bool IsNamed => typeof(IDictionary).IsAssignableFrom(Type);

    /// <summary>Whether it is a byte size, which may have a unit.</summary>
    public bool IsSize => Type.IsPrimitive && Key.Contains("Bytes", StringComparison.Ordinal);

    /// <summary>Its name in tables and messages.</summary>
    public string Text => IsNamed ? $"{Key}:<name>" : Key;
}
