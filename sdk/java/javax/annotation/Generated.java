package javax.annotation;

/** The annotation of the generated classes. The generator's jar has all their other dependencies, but not this one. */
public @interface Generated {
    String[] value();

    String date() default "";

    String comments() default "";
}
