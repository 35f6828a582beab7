using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing.Patterns;
using Relo.Api.Http.Problems;
using Relo.Api.Spelling;

namespace Relo.Api.Http.Parameters;

/// <summary>
/// All parameters of a route, read from the arguments of its handler. The framework binds the declared parameters, the OpenAPI document
/// describes them, and a query or a form may have no others.
/// </summary>
/// <param name="Route">The route, for messages.</param>
/// <param name="All">The parameters, in the order of their declaration.</param>
internal sealed record RouteParameters(string Route, IReadOnlyList<RouteParameter> All)
{
    /// <summary>The parameters of a handler.</summary>
    public static RouteParameters Of(MethodInfo handler, RoutePattern pattern)
        => new($"{pattern.RawText}", [.. handler.GetParameters().SelectMany(p => OfArgument(p, pattern))]);

    /// <summary>The parameter of this name.</summary>
    /// <exception cref="RefusedException">The route has none: <c>unknown-parameter</c>.</exception>
    public RouteParameter Find(string name)
        => All.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw Unknown(name, []);

    /// <summary>The refusal of an unknown name.</summary>
    /// <param name="name">The name as the client wrote it.</param>
    /// <param name="fileFields">Fields of a form that hold its files, to be listed as well; the first is the usual one.</param>
    /// <param name="isFile">Whether the unknown field has a file.</param>
    public RefusedException Unknown(string name, IReadOnlyList<string> fileFields, bool isFile = false)
    {
        var known = All.Select(p => p.Name).Union(fileFields, StringComparer.OrdinalIgnoreCase).ToList();
        var meant = !isFile ? Suggestion.For(name, known)
            : Suggestion.For(name, fileFields) ?? (fileFields is [var usual, ..] ? usual : null);
        return new RefusedException(Problem.UnknownParameter(Route, name, known, meant));
    }

    /// <summary>Refuses a query with an unknown parameter, or with a repeated one that the route takes once.</summary>
    /// <exception cref="RefusedException">The query has such a parameter.</exception>
    public void Check(IQueryCollection query)
    {
        foreach (var (name, values) in query)
        {
            var parameter = Find(name);
            if (values.Count > 1) throw new RefusedException(Problem.ParameterTwice(parameter.Name, values[0], values[1]));
            parameter.Check(values.ToString());
        }
    }

    private static IEnumerable<RouteParameter> OfArgument(ParameterInfo argument, RoutePattern pattern)
    {
        if (argument.IsDefined(typeof(AsParametersAttribute), inherit: false))
            return Declared(argument.ParameterType).Select(p => RouteParameter.Of(NameOf(p) ?? p.Name, p.PropertyType, p));
        var name = NameOf(argument) ?? argument.Name!;
        var isQuery = argument.IsDefined(typeof(FromQueryAttribute), inherit: false)
            || (IsPlain(argument.ParameterType) && pattern.GetParameter(name) is null);
        return isQuery ? [RouteParameter.Of(name, argument.ParameterType, argument)] : [];
    }

    // Base-class properties first: the parameters that name a kernel come before the route's own.
    private static IEnumerable<PropertyInfo> Declared(Type record) => record.GetProperties().OrderBy(p => p.DeclaringType == record);

    // Without an attribute, the framework binds a simple value from the query.
    private static bool IsPlain(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is var plain && (plain.IsPrimitive || plain.IsEnum || plain == typeof(string));

    private static string? NameOf(ICustomAttributeProvider declared) =>
        declared.GetCustomAttributes(typeof(FromQueryAttribute), inherit: true).OfType<FromQueryAttribute>().FirstOrDefault()?.Name;
}
