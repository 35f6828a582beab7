using System.Collections;

namespace Relo.Api.Settings;

/// <summary>A setting of the service.</summary>
/// <param name="Key">Its full name: <c>Archive:Root</c>.</param>
/// <param name="Type">Type of its value.</param>
internal sealed record Setting(string Key, Type Type)
{
    /// <summary>Stands for the index of a list's element in the names of its settings.</summary>
    public const string Number = "<n>";

    /// <summary>Whether it is a setting of the elements of a list: <c>Archive:Upstream:Sources:&lt;n&gt;:Url</c>.</summary>
    public bool IsOfList => Key.Contains(Number, StringComparison.Ordinal);

    /// <summary>Whether there is one for each name: <c>Access:Keys:&lt;name&gt;</c>.</summary>
    public bool IsNamed => typeof(IDictionary).IsAssignableFrom(Type);

    /// <summary>Whether it is a byte size, which may have a unit.</summary>
    public bool IsSize => Type.IsPrimitive && Key.Contains("Bytes", StringComparison.Ordinal);

    /// <summary>Its name in tables and messages.</summary>
    public string Text => IsNamed ? $"{Key}:<name>" : Key;

    /// <summary>The type of the elements, if a setting is a list of sections; null otherwise.</summary>
    public static Type? ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>) ? type.GetGenericArguments()[0] : null;
}
