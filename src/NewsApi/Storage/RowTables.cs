using System.Collections;
using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace NewsApi.Storage;

/// <summary>A column of a <see cref="RowTable"/>: its name, the type the database has for it, and how it is read from an entity.</summary>
internal sealed record RowColumn(string Name, string StoreType, Func<object, object?> Read);

/// <summary>
/// A table as its rows are inserted without change tracking: columns and value converters are those of the model, a row is
/// an array of what the database is given. Numbers that the database counts itself are left out.
/// </summary>
internal sealed class RowTable
{
    private readonly List<(IClrCollectionOf Children, RowTable Table, (int Column, Func<object, object?> Read)[] Key)> _parts = [];

    public RowTable(RowTables tables, IEntityType type)
    {
        Name = type.GetTableName()!;
        Columns = [.. type.GetFlattenedProperties().Where(p => !IsCounted(p)).Select(Column)];
        Key = type.FindPrimaryKey()!.Properties[0].GetColumnName();
        foreach (var navigation in type.GetNavigations().Where(n => n.IsCollection))
        {
            var part = tables.Of(navigation.TargetEntityType.Name);
            var getter = navigation.GetGetter();
            var key = navigation.ForeignKey.Properties.Zip(
                navigation.ForeignKey.PrincipalKey.Properties, (own, above) => (part.IndexOf(own.GetColumnName()), Column(above).Read));
            _parts.Add((entity => (IEnumerable)getter.GetClrValue(entity)!, part, [.. key]));
        }
    }

    private delegate IEnumerable IClrCollectionOf(object entity);

    public string Name { get; }

    /// <summary>The column of the primary key, the first one where there are several.</summary>
    public string Key { get; }
    public IReadOnlyList<RowColumn> Columns { get; }

    public int IndexOf(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (Columns[i].Name == column) return i;
        }

        throw new ArgumentOutOfRangeException(nameof(column), column, $"The table {Name} has no such column.");
    }

    public object?[] Row(object entity)
    {
        var row = new object?[Columns.Count];
        for (var i = 0; i < row.Length; i++) row[i] = Columns[i].Read(entity);
        return row;
    }

    /// <summary>The row of an entity, and those of the lists it owns.</summary>
    public IEnumerable<(RowTable Table, object?[] Row)> Rows(object entity)
    {
        yield return (this, Row(entity));
        foreach (var (children, table, key) in _parts)
        {
            foreach (var child in children(entity))
            {
                var row = table.Row(child);
                foreach (var (column, read) in key) row[column] = read(entity);
                yield return (table, row);
            }
        }
    }

    private static bool IsCounted(IProperty property) => property.ValueGenerated == ValueGenerated.OnAdd && property.ClrType == typeof(long);

    private static RowColumn Column(IProperty property)
    {
        var mapping = property.GetRelationalTypeMapping();
        var getter = property.GetGetter();
        var whole = (property.DeclaringType as IComplexType)?.ComplexProperty.GetGetter();
        var convert = mapping.Converter?.ConvertToProvider;
        return new RowColumn(property.GetColumnName(), mapping.StoreType, entity =>
        {
            var holder = whole is null ? entity : whole.GetClrValue(entity);
            var value = holder is null ? null : getter.GetClrValue(holder);
            return value is null || convert is null ? value : convert(value);
        });
    }
}

/// <summary>The tables of the model, by entity.</summary>
internal sealed class RowTables(IModel model)
{
    private readonly ConcurrentDictionary<string, RowTable> _tables = new();

    public RowTable Of<T>() => Of(typeof(T).FullName!);

    /// <param name="entity">The name the model has for it: that of its class, or of its table where several share a class.</param>
    public RowTable Of(string entity) => _tables.TryGetValue(entity, out var table) ? table : _tables.GetOrAdd(
        entity, new RowTable(this, model.FindEntityType(entity) ?? throw new ArgumentOutOfRangeException(nameof(entity), entity, "The model has no such entity.")));
}
